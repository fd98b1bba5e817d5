"""Members that tests add to the house, each as its one file; a workflow test copies them into the package."""
