"""The rows of the table of keys for the knowledge that a site writes: the list, the form, versions, from a request."""

from __future__ import annotations

from agentdesk.present.action import Action


def _row(id_: str, key: str, scope: str, action: str, words: str, footer: int = 0, *more: str) -> Action:
    keys = (key, *more) if key else ()
    return Action(
        id_, keys, scope, action, label=f"key.{words}", help=f"key.{words}.why", footer=footer, priority=bool(key)
    )


ARTICLE_ACTIONS: tuple[Action, ...] = (
    _row("articles-approve", "f8", "articles", "approve", "articles.approve", 3, "ctrl+s"),
    _row("articles-new", "ctrl+n", "articles", "new", "articles.new", 6),
    _row("articles-write", "ctrl+o", "articles", "write", "articles.write", 7),
    _row("articles-return", "ctrl+r", "articles", "return", "articles.return", 8),
    _row("articles-retire", "shift+f8", "articles", "retire", "articles.retire"),
    _row("articles-versions", "ctrl+t", "articles", "versions", "articles.versions"),
    _row("articles-filter", "ctrl+l", "articles", "filter", "articles.filter"),
    _row("articles-legal", "ctrl+g", "articles", "legal", "articles.legal"),
    _row("articles-object", "", "articles", "object", "articles.object"),
    _row("articles-flag", "shift+f5", "articles", "flag", "articles.flag"),
    _row("articles-confirm", "shift+f4", "articles", "confirm", "articles.confirm"),
    _row("articles-import", "f7", "articles", "import", "articles.import"),
    _row("articles-broken", "", "articles", "broken", "articles.broken"),
    _row("articleimport-go", "f8", "articleimport", "go", "articleimport.go", 3, "ctrl+s"),
    _row("article-save", "f8", "article", "save", "article.save", 3, "ctrl+s"),
    _row("article-preview", "ctrl+l", "article", "preview", "article.preview", 6),
    _row("articleversions-put-back", "f8", "articleversions", "put_back", "put_back", 3, "ctrl+s"),
    _row("articleversions-legal", "ctrl+g", "articleversions", "legal", "articles.legal"),
    _row("workspace-add-article", "", "workspace", "add_article", "article.add"),
    _row("workspace-add-case", "", "workspace", "add_case", "article.add_case"),
    _row("workspace-add-template", "", "workspace", "add_template", "article.add_template"),
    _row("workspace-fix-article", "", "workspace", "fix_article", "article.fix"),
    _row("workspace-flag-article", "", "workspace", "flag_article", "article.flag"),
    _row("knowledge-fix-article", "", "knowledge", "fix_article", "article.fix"),
    _row("knowledge-flag-article", "", "knowledge", "flag_article", "article.flag"),
    _row("articlepreview-close", "f8", "articlepreview", "close", "article.preview.close", 3, "ctrl+s"),
)
"""What is done with an article."""
