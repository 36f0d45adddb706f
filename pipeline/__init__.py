"""msoko: the annual education report of a municipality, from the files it already has."""
