"""What sentences, margins and words beside a derivation say, as claims."""
