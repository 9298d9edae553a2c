"""What people would use instead of Postcall, beside Postcall, on one machine: latency, throughput, memory, losses."""
