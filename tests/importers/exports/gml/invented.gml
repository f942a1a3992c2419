# Invented accounts only
graph [
  directed 1
  node [ id 1 label "plaza_voices" ]
  node [ id 2 label "assembly_now" ]
  node [ id 3 label "night_watch" ]
  edge [ source 1 target 2 kind "retweet" ]
  edge [ source 2 target 3 kind "reply" ]
]
