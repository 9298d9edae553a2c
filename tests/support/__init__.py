"""What tests stand on: fakes, builders, an AWS in this process, and harnesses."""
