"""What is said between us and a vendor, checked against our own typed models and the vendor's schema."""
