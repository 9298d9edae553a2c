"""What a deployment needs beside the templates: what is still missing, and how a first one is made repeatable."""
