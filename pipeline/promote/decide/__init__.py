"""Does the evidence meet the policy? Pure: the same evidence and policy always decide alike."""
