"""What helps while one writes: ids completed in a shell, a file watched, the server of an editor."""
