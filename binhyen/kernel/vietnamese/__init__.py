"""The Vietnamese language: letters without their marks, order of the alphabet. Knows nothing of the database."""
