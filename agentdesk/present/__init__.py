"""Presentation: the only floor that turns plain records into what the terminal draws.

`i18n` gives words, `keys` the one table of actions, `themes` the colours, `safe` makes outside text harmless and cuts
it by cell width, `timefmt` writes clocks and countdowns, `labels` names vocabulary codes, and `rows` lays out records
as styled lines. Nothing here knows a store, a screen or the clock of the machine: the present instant is an argument.
"""
