-- Says at which step a move is.
--
-- $1 text  the step that begins
update queue_statistics.moves set step = $1
