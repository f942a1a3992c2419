"""What is left when people pull their accounts."""
