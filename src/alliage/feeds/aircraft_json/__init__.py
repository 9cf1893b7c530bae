"""What aircraft say of themselves (ADS-B, Mode S), decoded already, as JSON."""
