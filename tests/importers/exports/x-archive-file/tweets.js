window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "800000000000000003"
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
            "name": "Assembly_Now",
            "screen_name": "assembly_now",
            "indices": [
              "3",
              "16"
            ],
            "id_str": "9002",
            "id": "9002"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "46"
      ],
      "favorite_count": "0",
      "id_str": "800000000000000003",
      "truncated": false,
      "retweet_count": "0",
      "id": "800000000000000003",
      "created_at": "Sat May 15 12:03:00 +0000 2021",
      "favorited": false,
      "full_text": "RT @assembly_now: this is the moment #Asamblea",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "800000000000000004"
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
            "name": "Night_Watch",
            "screen_name": "night_watch",
            "indices": [
              "0",
              "12"
            ],
            "id_str": "9003",
            "id": "9003"
          },
          {
            "name": "Assembly_Now",
            "screen_name": "assembly_now",
            "indices": [
              "13",
              "26"
            ],
            "id_str": "9002",
            "id": "9002"
          },
          {
            "name": "Open_Kitchen",
            "screen_name": "open_kitchen",
            "indices": [
              "46",
              "59"
            ],
            "id_str": "9004",
            "id": "9004"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "27",
        "59"
      ],
      "favorite_count": "0",
      "id_str": "800000000000000004",
      "truncated": false,
      "retweet_count": "0",
      "id": "800000000000000004",
      "created_at": "Sat May 15 12:04:00 +0000 2021",
      "favorited": false,
      "full_text": "@night_watch @assembly_now soup at nine, tell @open_kitchen",
      "lang": "en",
      "in_reply_to_status_id_str": "800000000000000001",
      "in_reply_to_user_id_str": "9003",
      "in_reply_to_screen_name": "night_watch"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "800000000000000005"
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
        "16"
      ],
      "favorite_count": "0",
      "id_str": "800000000000000005",
      "truncated": false,
      "retweet_count": "0",
      "id": "800000000000000005",
      "created_at": "Sat May 15 12:05:00 +0000 2021",
      "favorited": false,
      "full_text": "answering myself",
      "lang": "en",
      "in_reply_to_status_id_str": "800000000000000004",
      "in_reply_to_user_id_str": "9001",
      "in_reply_to_screen_name": "plaza_voices"
    }
  }
]