"""What a person at the desk can do, one module a use case.

Every function takes the `Desk` first (store, me, now, ids, site settings), checks role and rules, makes changes,
commits them in one transaction of the journal and returns plain frozen records (`views`). What is not allowed raises
`domain.refusal.Refusal(code, **args)`; nothing is written then. Screens, the command line, training and tests all come
through here, so that gates hold for all of them alike. This floor imports no screen and no sync.
"""
