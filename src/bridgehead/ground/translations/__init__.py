"""The words in Russian and Mongolian as a whole: what there is of them, and who has read and signed them."""
