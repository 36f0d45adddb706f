"""What the command line looks like: Russian help, words for wrong commands, progress on a terminal."""
