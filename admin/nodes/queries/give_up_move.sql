-- Ends a move before its hand-over.
delete from queue_statistics.moves
