"""The HTTP API: gathers what each module offers, and the API that recording nodes speak."""
