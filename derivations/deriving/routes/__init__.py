"""Ways from what is given to what is asked, other than entry by entry."""
