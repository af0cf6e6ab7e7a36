"""DAWproject 1.0: a zip with `project.xml`, `metadata.xml` and sounds.

package.py     the zip
document.py    a project as those two documents (structure, timelines, devices), and the sounds to put beside them
reduced.py     what the format can say of a project, and what it cannot
"""
