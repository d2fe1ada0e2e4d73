"""The console script: parse, call one function, print, exit code."""
