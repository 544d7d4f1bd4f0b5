"""What leaves the house: released, claimed, sent, receipted, bounced; and what keeps automatic mail from looping."""
