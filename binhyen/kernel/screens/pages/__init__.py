"""The pages of a register, one file for each kind. Each view gets the request and the `Screens`."""
