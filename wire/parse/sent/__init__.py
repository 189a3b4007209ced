"""What people write and send: mails and documents, and what stands around the copy in them."""
