"""From the text of a scheme file to the document, with every problem of shape noted on the way."""
