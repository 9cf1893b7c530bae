"""What the API says, as Pydantic models: they become the OpenAPI document and the web's types."""
