"""Who does a batch's studies: this process, some more on this machine, or a Ray cluster."""
