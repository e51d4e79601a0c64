"""What a merchant's business may be: categories and sub-categories of onboarding."""

from __future__ import annotations

from glomo.serialization.model import OpenEnum


class MerchantCategory(OpenEnum):
    """The kind of a merchant's business."""

    AGRICULTURAL_SERVICES = "Agricultural Services"
    CONTRACTED_SERVICES = "Contracted Services"
    TRANSPORTATION_SERVICES = "Transportation Services"
    TELECOMMUNICATIONS = "Telecommunications"
    UTILITIES = "Utilities"
    RETAIL_AND_GOODS = "Retail and Goods"
    FINANCIAL_SERVICES = "Financial Services"
    BUSINESS_SERVICES = "Business Services"
    PROFESSIONAL_SERVICES = "Professional Services"
    GOVERNMENT_SERVICES = "Government Services"


class MerchantSubCategory(OpenEnum):
    """The kind of business more closely. It has to match the category.

    Which sub-categories go with which category is not documented. `NEC`: not elsewhere classified.
    """

    VETERINARY_SERVICES = "Veterinary Services"
    AGRICULTURAL_COOPERATIVES = "Agricultural Cooperatives"
    HORTICULTURAL_AND_LANDSCAPING_SERVICES = "Horticultural and Landscaping Services"
    GENERAL_CONTRACTORS_RESIDENTIAL_AND_COMMERCIAL = (
        "General Contractors—Residential and Commercial"
    )
    AIR_CONDITIONING_HEATING_AND_PLUMBING_CONTRACTORS = (
        "Air Conditioning Heating and Plumbing Contractors"
    )
    ELECTRICAL_CONTRACTORS = "Electrical Contractors"
    INSULATION_MASONRY_AND_TILE_SETTING_CONTRACTORS = (
        "Insulation Masonry Plastering Stonework and Tile Setting Contractors"
    )
    CARPENTRY_CONTRACTORS = "Carpentry Contractors"
    ROOFING_AND_SIDING_SHEET_METAL_WORK_CONTRACTORS = (
        "Roofing and Siding Sheet Metal Work Contractors"
    )
    CONCRETE_WORK_CONTRACTORS = "Concrete Work Contractors"
    CONTRACTORS_SPECIAL_TRADE_NEC = "Contractors Special Trade—not elsewhere classified"
    MISCELLANEOUS_PUBLISHING_AND_PRINTING = "Miscellaneous Publishing and Printing"
    TYPESETTING_PLATE_MAKING_AND_RELATED_SERVICES = "Typesetting Plate Making and Related Services"
    SANITATION_POLISHING_AND_SPECIALTY_CLEANING_PREPARATIONS = (
        "Sanitation Polishing and Specialty Cleaning Preparations"
    )
    RAILROADS_FREIGHT = "Railroads—Freight"
    LOCAL_COMMUTER_TRANSPORTATION_AND_FERRIES = (
        "Transportation—Suburban and Local Commuter Passenger including Ferries"
    )
    PASSENGER_RAILWAYS = "Passenger Railways"
    AMBULANCE_SERVICES = "Ambulance Services"
    LIMOUSINES_AND_TAXICABS = "Limousines and Taxicabs"
    BUS_LINES = "Bus Lines"
    MOTOR_FREIGHT_CARRIERS_AND_TRUCKING = (
        "Motor Freight Carriers Trucking—Local/Long Distance Moving and Storage Companies Local "
        "Delivery"
    )
    COURIER_SERVICES_AIR_AND_GROUND_FREIGHT_FORWARDERS = (
        "Courier Services—Air and Ground Freight Forwarders"
    )
    PUBLIC_WAREHOUSING = (
        "Public Warehousing—Farm Products Refrigerated Goods Household Goods Storage"
    )
    CRUISE_LINES = "Cruise Lines"
    BOAT_LEASES_AND_BOAT_RENTALS = "Boat Leases and Boat Rentals"
    MARINAS_MARINE_SERVICE_SUPPLIES = "Marinas Marine Service/Supplies"
    AIR_CARRIERS_AIRLINES_NEC = "Air Carriers Airlines—Not Elsewhere Classified"
    AIRPORTS_AIRPORT_TERMINALS_FLYING_FIELDS = "Airports Airport Terminals Flying Fields"
    TRAVEL_AGENCIES_AND_TOUR_OPERATORS = "Travel Agencies and Tour Operators"
    BRIDGE_AND_ROAD_FEES_TOLLS = "Bridge and Road Fees Tolls"
    TRANSPORTATION_SERVICES_NEC = "Transportation Services—not elsewhere classified"
    TELECOMMUNICATION_EQUIPMENT_INCLUDING_TELEPHONE_SALES = (
        "Telecommunication Equipment Including Telephone Sales"
    )
    KEY_ENTRY_TELECOM_MERCHANT = (
        "Key-entry Telecom Merchant providing single local and long-distance phone calls using a "
        "central access number in a non-face-to-face environment using key entry"
    )
    TELECOMMUNICATION_SERVICES = (
        "Telecommunication Services including but not limited to prepaid phone services and "
        "recurring phone services"
    )
    COMPUTER_NETWORK_INFORMATION_SERVICES = "Computer Network/Information Services"
    TELEGRAPH_SERVICES = "Telegraph Services"
    MONEY_TRANSFER = "Money Transfer"
    CABLE_SATELLITE_AND_OTHER_PAY_TELEVISION_AND_RADIO_SERVICES = (
        "Cable Satellite and Other Pay Television and Radio Services"
    )
    UTILITIES_ELECTRIC_GAS_HEATING_OIL_SANITARY_WATER = (
        "Utilities—Electric Gas Heating Oil Sanitary Water"
    )
    MOTOR_VEHICLE_SUPPLIES_AND_NEW_PARTS = "Motor Vehicle Supplies and New Parts"
    OFFICE_AND_COMMERCIAL_FURNITURE = "Office and Commercial Furniture"
    CONSTRUCTION_MATERIALS_NEC = "Construction Materials—not elsewhere classified"
    OFFICE_PHOTOGRAPHIC_PHOTOCOPY_AND_MICROFILM_EQUIPMENT = (
        "Office Photographic Photocopy and Microfilm Equipment"
    )
    COMPUTERS_COMPUTER_PERIPHERAL_EQUIPMENT_SOFTWARE = (
        "Computers Computer Peripheral Equipment Software"
    )
    COMMERCIAL_EQUIPMENT_NEC = "Commercial Equipment—not elsewhere classified"
    MEDICAL_EQUIPMENT_AND_SUPPLIES = (
        "Dental/Laboratory/Medical/Ophthalmic Hospital Equipment and Supplies"
    )
    METAL_SERVICE_CENTERS_AND_OFFICES = "Metal Service Centers and Offices"
    ELECTRICAL_PARTS_AND_EQUIPMENT = "Electrical Parts and Equipment"
    HARDWARE_EQUIPMENT_AND_SUPPLIES = "Hardware Equipment and Supplies"
    PLUMBING_AND_HEATING_EQUIPMENT = "Plumbing and Heating Equipment"
    INDUSTRIAL_SUPPLIES_NEC = "Industrial Supplies—not elsewhere classified"
    PRECIOUS_STONES_AND_METALS_WATCHES_AND_JEWELRY = (
        "Precious Stones and Metals Watches and Jewelry"
    )
    DURABLE_GOODS_NEC = "Durable Goods—not elsewhere classified"
    STATIONERY_OFFICE_SUPPLIES_PRINTING_AND_WRITING_PAPER = (
        "Stationery Office Supplies Printing and Writing Paper"
    )
    DRUGS_DRUG_PROPRIETORS_AND_DRUGGISTS_SUNDRIES = "Drugs Drug Proprietors and Druggists Sundries"
    PIECE_GOODS_NOTIONS_AND_OTHER_DRY_GOODS = "Piece Goods Notions and Other Dry Goods"
    MENS_WOMENS_AND_CHILDRENS_UNIFORMS_AND_COMMERCIAL_CLOTHING = (
        "Men's Women's and Children's Uniforms and Commercial Clothing"
    )
    COMMERCIAL_FOOTWEAR = "Commercial Footwear"
    CHEMICALS_AND_ALLIED_PRODUCTS_NEC = "Chemicals and Allied Products—not elsewhere classified"
    PETROLEUM_AND_PETROLEUM_PRODUCTS = "Petroleum and Petroleum Products"
    BOOKS_PERIODICALS_AND_NEWSPAPERS = "Books Periodicals and Newspapers"
    FLORISTS_SUPPLIES_NURSERY_STOCK_AND_FLOWERS = "Florists Supplies Nursery Stock and Flowers"
    PAINTS_VARNISHES_AND_SUPPLIES = "Paints Varnishes and Supplies"
    NONDURABLE_GOODS_NEC = "Nondurable Goods—not elsewhere classified"
    HOME_SUPPLY_WAREHOUSE_STORES = "Home Supply Warehouse Stores"
    BUILDING_MATERIALS_LUMBER_STORES = "Building Materials Lumber Stores"
    GLASS_PAINT_WALLPAPER_STORES = "Glass Paint Wallpaper Stores"
    HARDWARE_STORES = "Hardware Stores"
    LAWN_AND_GARDEN_SUPPLY_STORES = "Lawn and Garden Supply Stores"
    MOBILE_HOME_DEALERS = "Mobile Home Dealers"
    WHOLESALE_CLUBS = "Wholesale Clubs"
    DUTY_FREE_STORES = "Duty Free Stores"
    DISCOUNT_STORES = "Discount Stores"
    DEPARTMENT_STORES = "Department Stores"
    VARIETY_STORES = "Variety Stores"
    MISCELLANEOUS_GENERAL_MERCHANDISE_STORES = "Miscellaneous General Merchandise Stores"
    GROCERY_STORES_SUPERMARKETS = "Grocery Stores Supermarkets"
    FREEZER_LOCKER_MEAT_PROVISIONERS = "Freezer Locker Meat Provisioners"
    CANDY_NUT_CONFECTIONERY_STORES = "Candy Nut Confectionery Stores"
    DAIRY_PRODUCTS_STORES = "Dairy Products Stores"
    BAKERIES = "Bakeries"
    MISCELLANEOUS_FOOD_STORES = (
        "Miscellaneous Food Stores—Convenience Stores Markets Specialty Stores"
    )
    AUTOMOBILE_AND_TRUCK_DEALERS = (
        "Automobile and Truck Dealers—Sales Service Repairs Parts and Leasing"
    )
    USED_AUTOMOBILE_AND_TRUCK_DEALERS = "Automobile and Truck Dealers—(Used Only)—Sales"
    AUTO_STORE_HOME_SUPPLY_STORES = "Auto Store Home Supply Stores"
    AUTOMOTIVE_TIRE_STORES = "Automotive Tire Stores"
    AUTOMOTIVE_PARTS_ACCESSORIES_STORES = "Automotive Parts Accessories Stores"
    SERVICE_STATIONS_WITH_OR_WITHOUT_ANCILLARY_SERVICES = (
        "Service Stations (with or without Ancillary Services)"
    )
    FUEL_DISPENSER_AUTOMATED = "Fuel Dispenser Automated"
    BOAT_DEALERS = "Boat Dealers"
    CAMPER_DEALERS_RECREATIONAL_AND_UTILITY_TRAILERS = (
        "Camper Dealers Recreational and Utility Trailers"
    )
    MOTORCYCLE_SHOPS_AND_DEALERS = "Motorcycle Shops and Dealers"
    MOTOR_HOME_DEALERS = "Motor Home Dealers"
    SNOWMOBILE_DEALERS = "Snowmobile Dealers"
    AUTOMOTIVE_AIRCRAFT_AND_FARM_EQUIPMENT_DEALERS_NEC = (
        "Miscellaneous Automotive Aircraft and Farm Equipment Dealers—not elsewhere classified"
    )
    MENS_AND_BOYS_CLOTHING_AND_ACCESSORIES_STORES = (
        "Men's and Boys' Clothing and Accessories Stores"
    )
    WOMENS_READY_TO_WEAR_STORES = "Women's Ready to Wear Stores"
    WOMENS_ACCESSORY_AND_SPECIALTY_STORES = "Women's Accessory and Specialty Stores"
    CHILDRENS_AND_INFANTS_WEAR_STORES = "Children's and Infants' Wear Stores"
    FAMILY_CLOTHING_STORES = "Family Clothing Stores"
    SPORTS_APPAREL_RIDING_APPAREL_STORES = "Sports Apparel Riding Apparel Stores"
    SHOE_STORES = "Shoe Stores"
    FURRIERS_AND_FUR_SHOPS = "Furriers and Fur Shops"
    MENS_AND_WOMENS_CLOTHING_STORES = "Men's and Women's Clothing Stores"
    ALTERATIONS_MENDING_SEAMSTRESSES_TAILORS = "Alterations Mending Seamstresses Tailors"
    WIG_AND_TOUPEE_SHOPS = "Wig and Toupee Shops"
    ACCESSORY_AND_APPAREL_STORES_MISCELLANEOUS = "Accessory and Apparel Stores—Miscellaneous"
    FURNITURE_AND_HOME_FURNISHINGS_STORES = (
        "Equipment Furniture and Home Furnishings Stores (except Appliances)"
    )
    FLOOR_COVERING_STORES = "Floor Covering Stores"
    DRAPERY_UPHOLSTERY_AND_WINDOW_COVERINGS_STORES = (
        "Drapery Upholstery and Window Coverings Stores"
    )
    FIREPLACE_FIREPLACE_SCREENS_AND_ACCESSORIES_STORES = (
        "Fireplace Fireplace Screens and Accessories Stores"
    )
    MISCELLANEOUS_HOUSE_FURNISHING_SPECIALTY_SHOPS = (
        "Miscellaneous House Furnishing Specialty Shops"
    )
    HOUSEHOLD_APPLIANCE_STORES = "Household Appliance Stores"
    ELECTRONIC_SALES = "Electronic Sales"
    MUSIC_STORES_MUSICAL_INSTRUMENTS_PIANOS_SHEET_MUSIC = (
        "Music Stores—Musical Instruments Pianos Sheet Music"
    )
    COMPUTER_SOFTWARE_STORES = "Computer Software Stores"
    RECORD_SHOPS = "Record Shops"
    CATERERS = "Caterers"
    EATING_PLACES_RESTAURANTS = "Eating Places Restaurants"
    BARS_NIGHTCLUBS_AND_TAVERNS = (
        "Bars Cocktail Lounges Discotheques Nightclubs and Taverns—Drinking Places (Alcoholic "
        "Beverages)"
    )
    FAST_FOOD_RESTAURANTS = "Fast Food Restaurants"
    DIGITAL_GOODS_AUDIOVISUAL_MEDIA = (
        "Digital Goods—Audiovisual Media Including Books Movies and Music"
    )
    DIGITAL_GOODS_GAMES = "Digital Goods—Games"
    DIGITAL_GOODS_SOFTWARE_APPLICATIONS = "Digital Goods—Software Applications (Excluding Games)"
    DIGITAL_GOODS_MULTI_CATEGORY = "Digital Goods—Multi-Category"
    DRUG_STORES_PHARMACIES = "Drug Stores Pharmacies"
    PACKAGE_STORES_BEER_WINE_AND_LIQUOR = "Package Stores Beer Wine and Liquor"
    SECOND_HAND_STORES_USED_MERCHANDISE_STORES = "Second Hand Stores Used Merchandise Stores"
    ANTIQUE_SHOPS_SALES_REPAIRS_AND_RESTORATION_SERVICES = (
        "Antique Shops—Sales Repairs and Restoration Services"
    )
    PAWN_SHOPS = "Pawn Shops"
    SALVAGE_AND_WRECKING_YARDS = "Salvage and Wrecking Yards"
    ANTIQUE_REPRODUCTION_STORES = "Antique Reproduction Stores"
    BICYCLE_SHOPS_SALES_AND_SERVICE = "Bicycle Shops—Sales and Service"
    SPORTING_GOODS_STORES = "Sporting Goods Stores"
    BOOK_STORES = "Book Stores"
    OFFICE_SCHOOL_SUPPLY_AND_STATIONERY_STORES = "Office School Supply and Stationery Stores"
    CLOCK_JEWELRY_WATCH_AND_SILVERWARE_STORE = "Clock Jewelry Watch and Silverware Store"
    GAME_TOY_AND_HOBBY_SHOPS = "Game Toy and Hobby Shops"
    CAMERA_AND_PHOTOGRAPHIC_SUPPLY_STORES = "Camera and Photographic Supply Stores"
    CARD_GIFT_NOVELTY_AND_SOUVENIR_SHOPS = "Card Gift Novelty and Souvenir Shops"
    LEATHER_GOODS_AND_LUGGAGE_STORES = "Leather Goods and Luggage Stores"
    FABRIC_NEEDLEWORK_PIECE_GOODS_AND_SEWING_STORES = (
        "Fabric Needlework Piece Goods and Sewing Stores"
    )
    CRYSTAL_AND_GLASSWARE_STORES = "Crystal and Glassware Stores"
    DIRECT_MARKETING_INSURANCE_SERVICES = "Direct Marketing—Insurance Services"
    DIRECT_MARKETING_TRAVEL_RELATED_ARRANGEMENT_SERVICES = (
        "Direct Marketing—Travel-Related Arrangement Services"
    )
    DOOR_TO_DOOR_SALES = "Door-to-Door Sales"
    DIRECT_MARKETING_CATALOG_MERCHANTS = "Direct Marketing—Catalog Merchants"
    DIRECT_MARKETING_CATALOG_AND_RETAIL_MERCHANTS = (
        "Direct Marketing—Combination Catalog and Retail Merchants"
    )
    DIRECT_MARKETING_OUTBOUND_TELEMARKETING_MERCHANTS = (
        "Direct Marketing—Outbound Telemarketing Merchants"
    )
    DIRECT_MARKETING_INBOUND_TELEMARKETING_MERCHANTS = (
        "Direct Marketing—Inbound Telemarketing Merchants"
    )
    DIRECT_MARKETING_SUBSCRIPTION_MERCHANTS = "Direct Marketing—Continuity/Subscription Merchants"
    DIRECT_MARKETING_NEC = "Direct Marketing—Other Direct Marketers—not elsewhere classified"
    ARTIST_SUPPLY_STORES_CRAFT_SHOPS = "Artist Supply Stores Craft Shops"
    ART_DEALERS_AND_GALLERIES = "Art Dealers and Galleries"
    STAMP_AND_COIN_STORES = "Stamp and Coin Stores—Philatelic and Numismatic Supplies"
    RELIGIOUS_GOODS_STORES = "Religious Goods Stores"
    HEARING_AIDS = "Hearing Aids—Sales Service Supply Stores"
    ORTHOPEDIC_GOODS_ARTIFICIAL_LIMB_STORES = "Orthopedic Goods—Artificial Limb Stores"
    COSMETIC_STORES = "Cosmetic Stores"
    TYPEWRITER_STORES_RENTALS_SALES_SERVICE = "Typewriter Stores—Rentals Sales Service"
    FUEL_DEALERS_COAL_FUEL_OIL_LIQUEFIED_PETROLEUM_WOOD = (
        "Fuel Dealers—Coal Fuel Oil Liquefied Petroleum Wood"
    )
    FLORISTS = "Florists"
    CIGAR_STORES_AND_STANDS = "Cigar Stores and Stands"
    NEWS_DEALERS_AND_NEWSSTANDS = "News Dealers and Newsstands"
    PET_SHOPS_PET_FOOD_AND_SUPPLIES = "Pet Shops—Pet Food and Supplies"
    SWIMMING_POOLS_SALES_AND_SUPPLIES = "Swimming Pools—Sales and Supplies"
    ELECTRIC_RAZOR_STORES_SALES_AND_SERVICE = "Electric Razor Stores—Sales and Service"
    TENT_AND_AWNING_SHOPS = "Tent and Awning Shops"
    MISCELLANEOUS_AND_SPECIALTY_RETAIL_STORES = "Miscellaneous and Specialty Retail Stores"
    MANUAL_CASH_DISBURSEMENTS_CUSTOMER_FINANCIAL_INSTITUTION = (
        "Manual Cash Disbursements—Customer Financial Institution"
    )
    AUTOMATED_CASH_DISBURSEMENTS_CUSTOMER_FINANCIAL_INSTITUTION = (
        "Automated Cash Disbursements—Customer Financial Institution"
    )
    MERCHANDISE_AND_SERVICES_CUSTOMER_FINANCIAL_INSTITUTION = (
        "Merchandise and Services—Customer Financial Institution"
    )
    QUASI_CASH_CUSTOMER_FINANCIAL_INSTITUTION = "Quasi Cash—Customer Financial Institution"
    QUASI_CASH_MERCHANT = "Quasi Cash—Merchant"
    SECURITIES_BROKERS_DEALERS = "Securities—Brokers/Dealers"
    INSURANCE_SALES_UNDERWRITING_AND_PREMIUMS = "Insurance Sales Underwriting and Premiums"
    REAL_ESTATE_AGENTS_AND_MANAGERS_RENTALS = "Real Estate Agents and Managers—Rentals"
    PAYMENT_TRANSACTION_CUSTOMER_FINANCIAL_INSTITUTION = (
        "Payment Transaction—Customer Financial Institution"
    )
    PAYMENT_TRANSACTION_MERCHANT = "Payment Transaction—Merchant"
    MONEYSEND_INTRACOUNTRY = "MoneySend Intracountry"
    MONEYSEND_INTERCOUNTRY = "MoneySend Intercountry"
    MONEYSEND_FUNDING = "MoneySend Funding"
    POI_FUNDING_TRANSACTIONS_EXCLUDING_MONEYSEND = "POI Funding Transactions (Excluding MoneySend)"
    LODGING_HOTELS_MOTELS_RESORTS_NEC = "Lodging—Hotels Motels Resorts—not elsewhere classified"
    TIMESHARES = "Timeshares"
    RECREATIONAL_AND_SPORTING_CAMPS = "Recreational and Sporting Camps"
    CAMPGROUNDS_AND_TRAILER_PARKS = "Campgrounds and Trailer Parks"
    CLEANING_GARMENT_AND_LAUNDRY_SERVICES = "Cleaning Garment and Laundry Services"
    LAUNDRY_SERVICES_FAMILY_AND_COMMERCIAL = "Laundry Services—Family and Commercial"
    DRY_CLEANERS = "Dry Cleaners"
    CARPET_AND_UPHOLSTERY_CLEANING = "Carpet and Upholstery Cleaning"
    PHOTOGRAPHIC_STUDIOS = "Photographic Studios"
    BARBER_AND_BEAUTY_SHOPS = "Barber and Beauty Shops"
    HAT_CLEANING_SHOPS_SHOE_REPAIR_SHOPS_SHOE_SHINE_PARLORS = (
        "Hat Cleaning Shops Shoe Repair Shops Shoe Shine Parlors"
    )
    FUNERAL_SERVICE_AND_CREMATORIES = "Funeral Service and Crematories"
    DATING_SERVICES = "Dating Services"
    TAX_PREPARATION_SERVICE = "Tax Preparation Service"
    DEBT_MARRIAGE_PERSONAL_COUNSELING_SERVICE = "Debt Marriage Personal—Counseling Service"
    BUYING_SHOPPING_CLUBS_SERVICES = "Buying/Shopping Clubs Services"
    CLOTHING_RENTAL_COSTUMES_UNIFORMS_AND_FORMAL_WEAR = (
        "Clothing Rental—Costumes Uniforms and Formal Wear"
    )
    MASSAGE_PARLORS = "Massage Parlors"
    HEALTH_AND_BEAUTY_SPAS = "Health and Beauty Spas"
    OTHER_SERVICES_NEC = "Other Services—not elsewhere classified"
    ADVERTISING_SERVICES = "Advertising Services"
    CONSUMER_CREDIT_REPORTING_AGENCIES = "Consumer Credit Reporting Agencies"
    COMMERCIAL_ART_GRAPHICS_PHOTOGRAPHY = "Commercial Art Graphics Photography"
    QUICK_COPY_REPRODUCTION_AND_BLUEPRINTING_SERVICES = (
        "Quick Copy Reproduction and Blueprinting Services"
    )
    STENOGRAPHIC_AND_SECRETARIAL_SUPPORT_SERVICES = "Stenographic and Secretarial Support Services"
    EXTERMINATING_AND_DISINFECTING_SERVICES = "Exterminating and Disinfecting Services"
    CLEANING_AND_MAINTENANCE_JANITORIAL_SERVICES = "Cleaning and Maintenance Janitorial Services"
    EMPLOYMENT_AGENCIES_TEMPORARY_HELP_SERVICES = "Employment Agencies Temporary Help Services"
    COMPUTER_PROGRAMMING_AND_DATA_PROCESSING = (
        "Computer Programming Data Processing and Integrated Systems Design Services"
    )
    INFORMATION_RETRIEVAL_SERVICES = "Information Retrieval Services"
    COMPUTER_MAINTENANCE_AND_REPAIR_NEC = (
        "Computer Maintenance Repair and Services—not elsewhere classified"
    )
    CONSULTING_MANAGEMENT_AND_PUBLIC_RELATIONS_SERVICES = (
        "Consulting Management and Public Relations Services"
    )
    DETECTIVE_AGENCIES_AND_SECURITY_SERVICES = (
        "Detective Agencies Protective Agencies Security Services including Armored Cars Guard Dogs"
    )
    EQUIPMENT_RENTAL_AND_LEASING_SERVICES = (
        "Equipment Rental and Leasing Services Furniture Rental Tool Rental"
    )
    PHOTO_DEVELOPING_PHOTOFINISHING_LABORATORIES = "Photo Developing Photofinishing Laboratories"
    BUSINESS_SERVICES_NEC = "Business Services—not elsewhere classified"
    AUTOMOBILE_RENTAL_AGENCY_NEC = "Automobile Rental Agency—not elsewhere classified"
    TRUCK_RENTAL = "Truck Rental"
    MOTOR_HOME_AND_RECREATIONAL_VEHICLE_RENTAL = "Motor Home and Recreational Vehicle Rental"
    AUTOMOBILE_PARKING_LOTS_AND_GARAGES = "Automobile Parking Lots and Garages"
    AUTOMOTIVE_BODY_REPAIR_SHOPS = "Automotive Body Repair Shops"
    TIRE_RETREADING_AND_REPAIR_SHOPS = "Tire Retreading and Repair Shops"
    AUTOMOTIVE_PAINT_SHOPS = "Automotive Paint Shops"
    AUTOMOTIVE_SERVICE_SHOPS = "Automotive Service Shops"
    CAR_WASHES = "Car Washes"
    TOWING_SERVICES = "Towing Services"
    ELECTRONIC_REPAIR_SHOPS = "Electronic Repair Shops"
    AIR_CONDITIONING_AND_REFRIGERATION_REPAIR_SHOPS = (
        "Air Conditioning and Refrigeration Repair Shops"
    )
    APPLIANCE_REPAIR_SHOPS_ELECTRICAL_AND_SMALL = "Appliance Repair Shops Electrical and Small"
    CLOCK_JEWELRY_AND_WATCH_REPAIR_SHOPS = "Clock Jewelry and Watch Repair Shops"
    FURNITURE_REUPHOLSTERY_AND_REPAIR_REFINISHING = "Furniture—Reupholstery and Repair Refinishing"
    WELDING_REPAIR = "Welding Repair"
    MISCELLANEOUS_REPAIR_SHOPS_AND_RELATED_SERVICES = (
        "Miscellaneous Repair Shops and Related Services"
    )
    GOVERNMENT_OWNED_LOTTERY_U_S_REGION_ONLY = "Government Owned Lottery (U.S. Region Only)"
    INTERNET_GAMBLING_U_S_REGION_ONLY = "Internet Gambling (U.S. Region Only)"
    GOVERNMENT_LICENSED_HORSE_DOG_RACING_U_S_REGION_ONLY = (
        "Government Licensed Horse/Dog Racing (U.S. Region Only)"
    )
    MOTION_PICTURE_AND_VIDEO_TAPE_PRODUCTION_AND_DISTRIBUTION = (
        "Motion Picture and Video Tape Production and Distribution"
    )
    MOTION_PICTURE_THEATERS = "Motion Picture Theaters"
    VIDEO_ENTERTAINMENT_RENTAL_STORES = "Video Entertainment Rental Stores"
    DANCE_HALLS_SCHOOLS_AND_STUDIOS = "Dance Halls Schools and Studios"
    THEATRICAL_PRODUCERS_EXCEPT_MOTION_PICTURES_TICKET_AGENCIES = (
        "Theatrical Producers (except Motion Pictures) Ticket Agencies"
    )
    BANDS_ORCHESTRAS_AND_ENTERTAINERS_NEC = (
        "Bands Orchestras and Miscellaneous Entertainers—not elsewhere classified"
    )
    POOL_AND_BILLIARD_ESTABLISHMENTS = "Pool and Billiard Establishments"
    BOWLING_ALLEYS = "Bowling Alleys"
    SPORTS_CLUBS_AND_PROMOTERS = (
        "Athletic Fields Commercial Sports Professional Sports Clubs Sports Promoters"
    )
    TOURIST_ATTRACTIONS_AND_EXHIBITS = "Tourist Attractions and Exhibits"
    GOLF_COURSES_PUBLIC = "Golf Courses Public"
    VIDEO_AMUSEMENT_GAME_SUPPLIES = "Video Amusement Game Supplies"
    VIDEO_GAME_ARCADES_ESTABLISHMENTS = "Video Game Arcades/Establishments"
    GAMBLING_TRANSACTIONS = "Gambling Transactions"
    AMUSEMENT_PARKS_CARNIVALS_CIRCUSES_FORTUNE_TELLERS = (
        "Amusement Parks Carnivals Circuses Fortune Tellers"
    )
    CLUBS_AND_PRIVATE_GOLF_COURSES = (
        "Clubs—Country Clubs Membership (Athletic Recreation Sports) Private Golf Courses"
    )
    AQUARIUMS_DOLPHINARIUMS_ZOOS_AND_SEAQUARIUMS = "Aquariums Dolphinariums Zoos and Seaquariums"
    RECREATION_SERVICES_NEC = "Recreation Services—not elsewhere classified"
    DOCTORS_NEC = "Doctors—not elsewhere classified"
    DENTISTS_ORTHODONTISTS = "Dentists Orthodontists"
    OSTEOPATHIC_PHYSICIANS = "Osteopathic Physicians"
    CHIROPRACTORS = "Chiropractors"
    OPTOMETRISTS_OPHTHALMOLOGISTS = "Optometrists Ophthalmologists"
    OPTICIANS_OPTICAL_GOODS_AND_EYEGLASSES = "Opticians Optical Goods and Eyeglasses"
    CHIROPODISTS_PODIATRISTS = "Chiropodists Podiatrists"
    NURSING_AND_PERSONAL_CARE_FACILITIES = "Nursing and Personal Care Facilities"
    HOSPITALS = "Hospitals"
    DENTAL_AND_MEDICAL_LABORATORIES = "Dental and Medical Laboratories"
    HEALTH_PRACTITIONERS_MEDICAL_SERVICES_NEC = (
        "Health Practitioners Medical Services—not elsewhere classified"
    )
    ATTORNEYS_LEGAL_SERVICES = "Attorneys Legal Services"
    SCHOOLS_ELEMENTARY_AND_SECONDARY = "Schools Elementary and Secondary"
    COLLEGES_AND_UNIVERSITIES = "Colleges Universities Professional Schools and Junior Colleges"
    SCHOOLS_CORRESPONDENCE = "Schools Correspondence"
    SCHOOLS_BUSINESS_AND_SECRETARIAL = "Schools Business and Secretarial"
    SCHOOLS_TRADE_AND_VOCATIONAL = "Schools Trade and Vocational"
    SCHOOLS_AND_EDUCATIONAL_SERVICES_NEC = (
        "Schools and Educational Services—not elsewhere classified"
    )
    CHILD_CARE_SERVICES = "Child Care Services"
    ORGANIZATIONS_CHARITABLE_AND_SOCIAL_SERVICE = "Organizations Charitable and Social Service"
    ASSOCIATIONS_CIVIC_SOCIAL_AND_FRATERNAL = "Associations—Civic Social and Fraternal"
    ORGANIZATIONS_POLITICAL = "Organizations Political"
    ORGANIZATIONS_RELIGIOUS = "Organizations Religious"
    AUTOMOBILE_ASSOCIATIONS = "Automobile Associations"
    ORGANIZATIONS_MEMBERSHIP_NEC = "Organizations Membership—not elsewhere classified"
    TESTING_LABORATORIES_NON_MEDICAL = "Testing Laboratories (Non-Medical)"
    ARCHITECTURAL_ENGINEERING_AND_SURVEYING_SERVICES = (
        "Architectural Engineering and Surveying Services"
    )
    ACCOUNTING_AUDITING_AND_BOOKKEEPING_SERVICES = "Accounting Auditing and Bookkeeping Services"
    PROFESSIONAL_SERVICES_NEC = "Professional Services—not elsewhere classified"
    COURT_COSTS_INCLUDING_ALIMONY_AND_CHILD_SUPPORT = (
        "Court Costs including Alimony and Child Support"
    )
    FINES = "Fines"
    BAIL_AND_BOND_PAYMENTS = "Bail and Bond Payments"
    TAX_PAYMENTS = "Tax Payments"
    GOVERNMENT_SERVICES_NEC = "Government Services—not elsewhere classified"
    POSTAL_SERVICES_GOVERNMENT_ONLY = "Postal Services—Government Only"
    INTRA_GOVERNMENT_PURCHASES_GOVERNMENT_ONLY = "Intra-Government Purchases—Government Only"
    GOVERNMENT_OWNED_LOTTERY_SPECIFIC_COUNTRIES = "Government-owned Lottery (Specific Countries)"
