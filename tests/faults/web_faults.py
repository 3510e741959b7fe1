import part
PARTS = []
