"""What is wrong with language models as rankers: do they rank films, or the places at which films are shown to them?"""
