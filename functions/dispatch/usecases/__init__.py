"""What dispatch does: send one lead."""
