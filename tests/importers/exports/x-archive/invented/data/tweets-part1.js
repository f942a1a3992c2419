window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "800000000000000006"
          ]
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://example.org\" rel=\"nofollow\">Plaza Client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "140"
      ],
      "favorite_count": "0",
      "id_str": "800000000000000006",
      "truncated": false,
      "retweet_count": "0",
      "id": "800000000000000006",
      "created_at": "Sat May 15 12:06:00 +0000 2021",
      "favorited": false,
      "full_text": "a long story of the square, of soup and of rain, told at length because nobody else has told it so far, and it goes on and on until the end…",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "800000000000000007"
          ]
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://example.org\" rel=\"nofollow\">Plaza Client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [
          {
            "name": "",
            "screen_name": "gone_account",
            "indices": [
              "3",
              "16"
            ],
            "id_str": "-1",
            "id": "-1"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "22"
      ],
      "favorite_count": "0",
      "id_str": "800000000000000007",
      "truncated": false,
      "retweet_count": "0",
      "id": "800000000000000007",
      "created_at": "Sat May 15 12:07:00 +0000 2021",
      "favorited": false,
      "full_text": "RT @gone_account: once",
      "lang": "en"
    }
  }
]