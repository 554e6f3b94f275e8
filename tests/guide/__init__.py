"""The operator's guide, carried out as it is written."""
