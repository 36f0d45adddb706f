"""Signs of biased results of a procedure: one file per family of markers, their reference distribution, a dossier."""
