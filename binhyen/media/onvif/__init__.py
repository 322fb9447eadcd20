"""ONVIF: cameras found on the network (WS-Discovery) and asked what they are (Device, Media, Media2; profiles S and T).

A client of our own for the dozen operations that are needed: docs/design/onboarding.md says why. Whatever a camera
answers is hostile input: bounded, parsed without entities, and never a reason to connect to another host.
"""
