"""The terminal user interface in a browser, through textual-serve: on this machine, for who has the address."""
