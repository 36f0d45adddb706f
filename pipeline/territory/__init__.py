"""Who a report is about: the profile of a territory and the directions its documents ask for."""
