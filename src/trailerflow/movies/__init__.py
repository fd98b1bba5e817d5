"""Movies, their titles and the forms in which two writings of a title meet: shared ground of all stages.

`movie` has the type that travels as itself, `titles` what a title as MovieLens writes it holds, `forms` the forms in which
titles are compared, `records` which record of another catalogue is the film. Nothing is imported here, so that a
program depends on the parts that it uses alone.
"""
