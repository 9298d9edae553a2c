"""What is run in both builds of the table: each file by path, by the interpreter of the build that it measures."""
