"""The receiver that a developer would write on a good day: FastAPI, SQLite, httpx."""
