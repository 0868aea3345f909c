"""The text floor: cleaning of untrusted text, folding, private numbers, the lexicon, lint and phrase templates.

Pure: every function takes what it needs as an argument, imports nothing else of ours, and knows neither screen nor
store. Modules are imported one by one (`from agentdesk.text import privacy`), so that a start pays only for what it
uses; nothing costly happens at import.
"""
