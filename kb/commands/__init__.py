"""The commands of the command line, one module each: ``arguments`` declares the options, ``run`` does the work."""
