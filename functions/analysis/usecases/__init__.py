"""What analysis does: analyse a call once, and anew when it is ordered."""
