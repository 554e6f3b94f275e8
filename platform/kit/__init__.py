"""The smallest tools of the house: no models, no imports of our other rooms."""
