"""Those who carry an SMS: each signs requests its own way, and answers in its own words."""
