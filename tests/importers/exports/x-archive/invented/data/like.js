window.YTD.like.part0 = [
  {
    "like": {
      "tweetId": "800000000000000090",
      "fullText": "liked",
      "expandedUrl": "https://twitter.com/i/web/status/800000000000000090"
    }
  }
]