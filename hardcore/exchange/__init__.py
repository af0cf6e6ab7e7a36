"""Exchange: what other programs read and write, DAWproject and MusicXML, and what is lost on the way."""
