window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "700000000000000001",
      "updatedAt": "2021-05-15T12:06:00.000Z",
      "lifecycle": {
        "value": "0",
        "name": "Active",
        "originalName": "Active",
        "annotations": {}
      },
      "createdAt": "2021-05-15T12:06:00.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "a long story of the square, of soup and of rain, told at length because nobody else has told it so far, and it goes on and on until the end as @night_watch saw #plaza",
        "mentions": [
          {
            "screenName": "night_watch",
            "fromIndex": "145",
            "toIndex": "157"
          }
        ],
        "cashtags": [],
        "hashtags": [
          {
            "text": "plaza",
            "fromIndex": "162",
            "toIndex": "168"
          }
        ]
      }
    }
  }
]