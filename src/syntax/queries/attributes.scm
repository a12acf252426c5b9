; Attributes and doc comments. Comments that document nothing are trivia.

(attribute_item) @attribute_item
(inner_attribute_item) @inner_attribute_item
(attribute) @attribute

(inner_attribute_item "!" @flag.inner)

(line_comment) @elide
(block_comment) @elide
(doc_comment) @doc_comment.leaf
(line_comment inner: _ @flag.inner)
(block_comment inner: _ @flag.inner)
(inner_doc_comment_marker) @elide
(outer_doc_comment_marker) @elide

; String literals inside are named by their contents.
(attribute) @contents
