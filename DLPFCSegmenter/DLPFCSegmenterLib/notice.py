"""What every file and picture of the module says of itself."""

NOTICE = "Research use only. Not a medical device; not for diagnosis or treatment."
